"""The process: settings, wiring, command line, how updates come in and messages go out."""
