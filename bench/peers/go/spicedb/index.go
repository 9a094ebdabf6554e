package main

import (
	"context"
	"errors"
	"sync"

	"github.com/authzed/spicedb/pkg/datastore"
	"github.com/authzed/spicedb/pkg/datastore/options"
	"github.com/authzed/spicedb/pkg/tuple"
)

// SpiceDB has no store with an index that runs inside a process: those are databases. So that it is measured without the scans
// of its memory store, and without a way to a database, this one keeps relationships in a map by object and relation, and
// leaves everything else (schema, revisions) to the store that it wraps. It knows what imports and checks need, and refuses
// the rest.
type indexedDatastore struct {
	datastore.Datastore
	relationships *relationshipIndex
}

var errNotIndexed = errors.New("the index of the benchmark answers no such question")

func newIndexedDatastore(wrapped datastore.Datastore) datastore.Datastore {
	return &indexedDatastore{wrapped, &relationshipIndex{of: map[tuple.ObjectAndRelation][]tuple.Relationship{}}}
}

func (s *indexedDatastore) Unwrap() datastore.Datastore { return s.Datastore }

func (s *indexedDatastore) SnapshotReader(revision datastore.Revision) datastore.Reader {
	return &indexedReader{s.Datastore.SnapshotReader(revision), s.relationships}
}

func (s *indexedDatastore) ReadWriteTx(ctx context.Context, use datastore.TxUserFunc, opts ...options.RWTOptionsOption) (datastore.Revision, error) {
	return s.Datastore.ReadWriteTx(ctx, func(ctx context.Context, wrapped datastore.ReadWriteTransaction) error {
		return use(ctx, &indexedTransaction{wrapped, s.relationships})
	}, opts...)
}

type indexedTransaction struct {
	datastore.ReadWriteTransaction
	relationships *relationshipIndex
}

func (t *indexedTransaction) BulkLoad(ctx context.Context, source datastore.BulkWriteRelationshipSource) (uint64, error) {
	t.relationships.mutex.Lock()
	defer t.relationships.mutex.Unlock()
	var count uint64
	for {
		next, err := source.Next(ctx)
		if next == nil || err != nil {
			return count, err
		}
		// The source uses the same memory for all of them.
		relationship := *next
		t.relationships.of[relationship.Resource] = append(t.relationships.of[relationship.Resource], relationship)
		count++
	}
}

func (t *indexedTransaction) WriteRelationships(context.Context, []tuple.RelationshipUpdate) error {
	return errNotIndexed
}

type indexedReader struct {
	datastore.Reader
	relationships *relationshipIndex
}

func (r *indexedReader) QueryRelationships(_ context.Context, filter datastore.RelationshipsFilter, opts ...options.QueryOptionsOption) (datastore.RelationshipIterator, error) {
	asked := options.NewQueryOptionsWithOptions(opts...)
	if len(filter.OptionalResourceIds) == 0 || filter.OptionalResourceRelation == "" || asked.After != nil || asked.Limit != nil {
		return nil, errNotIndexed
	}
	return r.relationships.matching(filter), nil
}

func (r *indexedReader) ReverseQueryRelationships(context.Context, datastore.SubjectsFilter, ...options.ReverseQueryOptionsOption) (datastore.RelationshipIterator, error) {
	return nil, errNotIndexed
}

type relationshipIndex struct {
	mutex sync.RWMutex
	of    map[tuple.ObjectAndRelation][]tuple.Relationship
}

func (i *relationshipIndex) matching(filter datastore.RelationshipsFilter) datastore.RelationshipIterator {
	return func(yield func(tuple.Relationship, error) bool) {
		i.mutex.RLock()
		defer i.mutex.RUnlock()
		for _, id := range filter.OptionalResourceIds {
			resource := tuple.ObjectAndRelation{ObjectType: filter.OptionalResourceType, ObjectID: id, Relation: filter.OptionalResourceRelation}
			for _, relationship := range i.of[resource] {
				if filter.Test(relationship) && !yield(relationship, nil) {
					return
				}
			}
		}
	}
}
