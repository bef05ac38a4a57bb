//! The browser boundary: the one room that names a JavaScript type.
