using System.Runtime.Versioning;

// Signals, /proc and file modes: what is tested is a Linux binary.
[assembly: SupportedOSPlatform("linux")]
