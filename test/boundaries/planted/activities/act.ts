export const act = () => 'a side effect'
