// SpiceDB in the relations workload, over its in-memory connection.
package main

import (
	"context"

	"github.com/authzed/spicedb/pkg/cmd/datastore"
	spicedbstore "github.com/authzed/spicedb/pkg/datastore"
	"github.com/rs/zerolog"
	"sallyport.bench/harness"
)

func main() {
	zerolog.SetGlobalLevel(zerolog.Disabled)
	harness.Program{
		Module: "github.com/authzed/spicedb",
		Stores: map[string]harness.Open{"spicedb": overMemory, "spicedb-indexed": overIndex},
	}.Main()
}

// overMemory is over its memory store, which looks at all tuples of a type and relation for each question.
func overMemory(ctx context.Context, setup harness.Setup) (harness.Engine, error) {
	store, err := memory(ctx)
	if err != nil {
		return nil, err
	}
	return newSpiceDB(ctx, store, setup.Tuples)
}

// overIndex is over an index of ours in front of that store.
func overIndex(ctx context.Context, setup harness.Setup) (harness.Engine, error) {
	store, err := memory(ctx)
	if err != nil {
		return nil, err
	}
	return newSpiceDB(ctx, newIndexedDatastore(store), setup.Tuples)
}

func memory(ctx context.Context) (spicedbstore.Datastore, error) {
	return datastore.NewDatastore(context.WithoutCancel(ctx),
		datastore.WithEngine(datastore.MemoryEngine),
		datastore.WithRequestHedgingEnabled(false),
	)
}
