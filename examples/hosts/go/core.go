// The decision core of sallyport in Go: an image and a request's JSON in, the answer's JSON out (docs/abi.md).
package main

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

const (
	imageBase = 4096
	infoBase  = 1024
	page      = 65536

	infoTuples  = 16
	infoReply   = 18
	infoFaultAt = 19
)

// Core is one image in one instance of the core. It is not for several goroutines at once.
type Core struct {
	memory   api.Memory
	bodyRoom api.Function
	evaluate api.Function
	stack    [2]uint64
}

// NewCore makes an instance of the compiled core and loads the image.
func NewCore(ctx context.Context, runtime wazero.Runtime, core wazero.CompiledModule, image []byte) (*Core, error) {
	module, err := runtime.InstantiateModule(ctx, core, wazero.NewModuleConfig().WithName(""))
	if err != nil {
		return nil, err
	}
	memory := module.Memory()
	end := uint32(imageBase + len(image))
	if end > memory.Size() {
		if _, ok := memory.Grow((end - memory.Size() + page - 1) / page); !ok {
			return nil, errors.New("no memory for the image")
		}
	}
	memory.Write(imageBase, image)
	fault, err := module.ExportedFunction("loadImage").Call(ctx, uint64(len(image)))
	if err != nil {
		return nil, err
	}
	if fault[0] != 0 {
		return nil, fmt.Errorf("the image is refused: fault %d", fault[0])
	}
	c := &Core{memory: memory, bodyRoom: module.ExportedFunction("bodyRoom"), evaluate: module.ExportedFunction("evaluateJson")}
	if c.info(infoTuples) != 0 {
		return nil, errors.New("policies with relations need a host that adds their tuples")
	}
	return c, nil
}

func (c *Core) info(field uint32) uint32 {
	value, _ := c.memory.ReadUint32Le(infoBase + 4*field)
	return value
}

// Evaluate decides the request in a body of AuthZEN's Access Evaluation, at now in milliseconds since 1970 (NaN: no time).
// The answer is valid until the next call.
func (c *Core) Evaluate(ctx context.Context, body []byte, now float64) ([]byte, error) {
	c.stack[0] = uint64(len(body))
	if err := c.bodyRoom.CallWithStack(ctx, c.stack[:]); err != nil {
		return nil, err
	}
	at := uint32(c.stack[0])
	if at == 0 || !c.memory.Write(at, body) {
		return nil, errors.New("the body is too long")
	}
	c.stack[0] = uint64(len(body))
	c.stack[1] = math.Float64bits(now)
	if err := c.evaluate.CallWithStack(ctx, c.stack[:]); err != nil {
		return nil, err
	}
	length := int32(c.stack[0])
	if length < 0 {
		return nil, fmt.Errorf("fault %d at byte %d of the body", -length, c.info(infoFaultAt))
	}
	answer, ok := c.memory.Read(c.info(infoReply), uint32(length))
	if !ok {
		return nil, errors.New("the answer is not in memory")
	}
	return answer, nil
}
