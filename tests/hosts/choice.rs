//! Which document speaks for a domain.
