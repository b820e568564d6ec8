//! The agent's end over a real relay.
