package main

// checkGenerated is in flight.
func checkGenerated(t *tree) ([]finding, error) { return nil, nil }
