//! Following an agent: a visit to it, its record, questions and commands.
