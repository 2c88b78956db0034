/** Whether a file of this owner is ours. Windows tells no owners; its folders of users are closed to others. */
export const isOurs = (uid: number): boolean => process.getuid === undefined || process.getuid() === uid
