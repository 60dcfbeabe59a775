/** The floor carries what every run carries. */
export { interceptors } from '../../workflows/interceptors.ts'
