export const stack = 'real servers'
