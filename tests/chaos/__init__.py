"""A worker under faults and kills: it may lose nothing, and say twice only what RFC 1047 excuses."""
