package main

import (
	"context"
	"path/filepath"
	"time"

	openfgav1 "github.com/openfga/api/proto/openfga/v1"
	"github.com/openfga/language/pkg/go/transformer"
	"github.com/openfga/openfga/pkg/server"
	"github.com/openfga/openfga/pkg/storage"
	"github.com/openfga/openfga/pkg/storage/memory"
	"github.com/openfga/openfga/pkg/storage/migrate"
	"github.com/openfga/openfga/pkg/storage/sqlcommon"
	"github.com/openfga/openfga/pkg/storage/sqlite"
)

const openFGAModel = `model
  schema 1.1
type user
type group
  relations
    define member: [user, group#member]
type folder
  relations
    define parent: [folder]
    define viewer: [user, group#member] or viewer from parent
type document
  relations
    define parent: [folder]
    define owner: [user]
    define viewer: [user, group#member] or owner or viewer from parent
`

type openFGA struct {
	server       *server.Server
	store, model string
}

// openOpenFGA over its memory store, which looks at all tuples of the store for each question.
func openOpenFGA(ctx context.Context, tuples []tuple) (engine, error) {
	return newOpenFGA(ctx, memory.New(memory.WithMaxTuplesPerWrite(perWrite)), tuples)
}

// openOpenFGASQLite over SQLite in a file, the only store with an index that runs inside the process.
func openOpenFGASQLite(ctx context.Context, tuples []tuple) (engine, error) {
	uri := "file:" + filepath.Join(scratch, "openfga.db")
	schema := migrate.MigrationConfig{Engine: "sqlite", URI: uri, Timeout: time.Minute, PingTimeout: time.Minute}
	if err := migrate.RunMigrations(schema); err != nil {
		return nil, err
	}
	store, err := sqlite.New(uri, sqlcommon.NewConfig(sqlcommon.WithMaxTuplesPerWrite(perWrite)))
	if err != nil {
		return nil, err
	}
	return newOpenFGA(ctx, store, tuples)
}

const perWrite = 1000

// With the caches that its documentation recommends for production.
func newOpenFGA(ctx context.Context, datastore storage.OpenFGADatastore, tuples []tuple) (engine, error) {
	service, err := server.NewServerWithOpts(
		server.WithDatastore(datastore),
		server.WithCheckQueryCacheEnabled(true),
		server.WithCheckQueryCacheTTL(time.Hour),
		server.WithCheckIteratorCacheEnabled(true),
		server.WithCheckIteratorCacheTTL(time.Hour),
		server.WithCheckCacheLimit(1_000_000),
	)
	if err != nil {
		return nil, err
	}
	store, err := service.CreateStore(ctx, &openfgav1.CreateStoreRequest{Name: "bench"})
	if err != nil {
		return nil, err
	}
	model, err := transformer.TransformDSLToProto(openFGAModel)
	if err != nil {
		return nil, err
	}
	written, err := service.WriteAuthorizationModel(ctx, &openfgav1.WriteAuthorizationModelRequest{
		StoreId:         store.GetId(),
		SchemaVersion:   model.GetSchemaVersion(),
		TypeDefinitions: model.GetTypeDefinitions(),
	})
	if err != nil {
		return nil, err
	}
	made := &openFGA{service, store.GetId(), written.GetAuthorizationModelId()}
	for from := 0; from < len(tuples); from += perWrite {
		if err := made.write(ctx, tuples[from:min(len(tuples), from+perWrite)]); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func (o *openFGA) write(ctx context.Context, tuples []tuple) error {
	keys := make([]*openfgav1.TupleKey, len(tuples))
	for i, t := range tuples {
		keys[i] = &openfgav1.TupleKey{Object: t.object, Relation: t.relation, User: t.subject}
	}
	_, err := o.server.Write(ctx, &openfgav1.WriteRequest{
		StoreId:              o.store,
		AuthorizationModelId: o.model,
		Writes:               &openfgav1.WriteRequestWrites{TupleKeys: keys},
	})
	return err
}

func (o *openFGA) check(ctx context.Context, t tuple) (bool, error) {
	response, err := o.server.Check(ctx, &openfgav1.CheckRequest{
		StoreId:              o.store,
		AuthorizationModelId: o.model,
		TupleKey:             &openfgav1.CheckRequestTupleKey{Object: t.object, Relation: t.relation, User: t.subject},
	})
	return response.GetAllowed(), err
}
