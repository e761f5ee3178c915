package main

import "testing"

func TestSixPlaces(t *testing.T) {
	for millionths, want := range map[string]string{"0": "0", "1": "0.000001", "-1500000": "-1.5", "123000000": "123", "-12": "-0.000012",
		"170141183460469231731687303715884105727": "170141183460469231731687303715884.105727"} {
		if got := sixPlaces(millionths); got != want {
			t.Errorf("sixPlaces(%s) = %q, want %q", millionths, got, want)
		}
	}
}
