package main

import (
	"context"
	"time"

	openfgav1 "github.com/openfga/api/proto/openfga/v1"
	"github.com/openfga/language/pkg/go/transformer"
	"github.com/openfga/openfga/pkg/server"
	"github.com/openfga/openfga/pkg/storage"
	"sallyport.bench/harness"
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

// The caches that its documentation recommends for production: of answers, and of what a store gave, which costs more than it
// saves where the store is a map.
var (
	answerCache = []server.OpenFGAServiceV1Option{
		server.WithCheckQueryCacheEnabled(true),
		server.WithCheckQueryCacheTTL(time.Hour),
		server.WithCheckCacheLimit(1_000_000),
	}
	storeCache = []server.OpenFGAServiceV1Option{
		server.WithCheckIteratorCacheEnabled(true),
		server.WithCheckIteratorCacheTTL(time.Hour),
	}
)

func newOpenFGA(ctx context.Context, datastore storage.OpenFGADatastore, tuples harness.Batches, more ...server.OpenFGAServiceV1Option) (harness.Engine, error) {
	options := append([]server.OpenFGAServiceV1Option{server.WithDatastore(datastore)}, answerCache...)
	service, err := server.NewServerWithOpts(append(options, more...)...)
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
	for batch, err := range tuples {
		if err != nil {
			return nil, err
		}
		if err := made.write(ctx, batch); err != nil {
			return nil, err
		}
	}
	return made, nil
}

func (o *openFGA) write(ctx context.Context, tuples []harness.Tuple) error {
	keys := make([]*openfgav1.TupleKey, len(tuples))
	for i, t := range tuples {
		keys[i] = &openfgav1.TupleKey{Object: t.Object, Relation: t.Relation, User: t.Subject}
	}
	_, err := o.server.Write(ctx, &openfgav1.WriteRequest{
		StoreId:              o.store,
		AuthorizationModelId: o.model,
		Writes:               &openfgav1.WriteRequestWrites{TupleKeys: keys},
	})
	return err
}

func (o *openFGA) Check(ctx context.Context, t harness.Tuple) (bool, error) {
	response, err := o.server.Check(ctx, &openfgav1.CheckRequest{
		StoreId:              o.store,
		AuthorizationModelId: o.model,
		TupleKey:             &openfgav1.CheckRequestTupleKey{Object: t.Object, Relation: t.Relation, User: t.Subject},
	})
	return response.GetAllowed(), err
}
