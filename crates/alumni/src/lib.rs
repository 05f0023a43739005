//! Connections, the connection indicator and map, aftercare tracks, check-ins
