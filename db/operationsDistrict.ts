/** The row of `districts` under which acts of our own staff that concern no district are audited. Seeded by a migration. */
export const operationsDistrictId = '00000000-0000-7000-8000-000000000001'
