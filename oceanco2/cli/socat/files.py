"""Commands on whole SOCAT files: recompute, excerpt, convert, grid."""
