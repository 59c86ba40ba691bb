//! Partnerships, alliances and boards: who looks after which schools, as written in files.
