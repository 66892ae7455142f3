export const ConnectLogs = () => null;
