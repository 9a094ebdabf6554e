package main

import "runtime/debug"

var modules = map[string]string{
	"spicedb":        "github.com/authzed/spicedb",
	"openfga":        "github.com/openfga/openfga",
	"openfga-sqlite": "github.com/openfga/openfga",
}

// version tells which version of the engine is built in.
func version(engine string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, module := range info.Deps {
		if module.Path == modules[engine] {
			return module.Version
		}
	}
	return "unknown"
}
