"""Files published by SOCAT: reading, selecting, recomputing."""
