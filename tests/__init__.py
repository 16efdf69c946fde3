"""Tests of oceanco2; a package so that the benchmarks can be run by name."""
