//! Publishing an engine: its record, answers to questions, and commands carried out.
