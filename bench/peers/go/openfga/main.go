// OpenFGA in the relations workload, by the methods of its server.
package main

import (
	"context"
	"path/filepath"
	"time"

	"github.com/openfga/openfga/pkg/storage"
	"github.com/openfga/openfga/pkg/storage/memory"
	"github.com/openfga/openfga/pkg/storage/migrate"
	"github.com/openfga/openfga/pkg/storage/sqlcommon"
	"github.com/openfga/openfga/pkg/storage/sqlite"
	"sallyport.bench/harness"
)

func main() {
	harness.Program{
		Module: "github.com/openfga/openfga",
		Stores: map[string]harness.Open{"openfga": overMemory, "openfga-indexed": overIndex, "openfga-sqlite": overSQLite},
	}.Main()
}

// overMemory is over its memory store, which looks at all tuples of the store for each question, and for each tuple that is written.
func overMemory(ctx context.Context, setup harness.Setup) (harness.Engine, error) {
	return newOpenFGA(ctx, newMemory(), setup.Tuples, storeCache...)
}

// overIndex is over an index of ours in front of that store.
func overIndex(ctx context.Context, setup harness.Setup) (harness.Engine, error) {
	return newOpenFGA(ctx, newIndexedTuples(newMemory()), setup.Tuples)
}

func newMemory() storage.OpenFGADatastore {
	return memory.New(memory.WithMaxTuplesPerWrite(harness.PerBatch))
}

// overSQLite is over SQLite in a file, its only store with an index that runs inside the process.
func overSQLite(ctx context.Context, setup harness.Setup) (harness.Engine, error) {
	uri := "file:" + filepath.Join(setup.Scratch, "openfga.db")
	schema := migrate.MigrationConfig{Engine: "sqlite", URI: uri, Timeout: time.Minute, PingTimeout: time.Minute}
	if err := migrate.RunMigrations(schema); err != nil {
		return nil, err
	}
	store, err := sqlite.New(uri, sqlcommon.NewConfig(sqlcommon.WithMaxTuplesPerWrite(harness.PerBatch)))
	if err != nil {
		return nil, err
	}
	return newOpenFGA(ctx, store, setup.Tuples, storeCache...)
}
