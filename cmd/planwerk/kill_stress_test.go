//go:build stress

package main

func init() { kills = 200 }
