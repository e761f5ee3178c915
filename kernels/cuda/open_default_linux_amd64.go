//go:build !gorgonia

package cuda

func systemDriver() Driver { return puregoDriver(library) }
