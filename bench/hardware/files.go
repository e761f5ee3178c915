package hardware

import (
	"context"
	"io/fs"
	"path/filepath"
	"reflect"

	"planwerk/arrow"
	synth "planwerk/datasets/make"
	"planwerk/engine"
	"planwerk/engine/ledger"
	"planwerk/ledgeradapter/native"
)

// export generates the ledger of the reports, once in each format.
func (e *env) export(format string) (string, error) {
	if dir, ok := e.made[format]; ok {
		return dir, nil
	}
	dir := filepath.Join(e.dir, "export-"+format)
	err := synth.Generate(e.ctx, dir, synth.Config{Workloads: int64(e.pick(2000, 1_000_000)), Seed: 1, Format: format})
	e.made[format] = dir
	return dir, err
}

// bytesBelow is the size of the files in a folder.
func bytesBelow(dir string) (total int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		total += info.Size()
		return err
	})
	return total, err
}

// loadParquet's floor counts what the columns take uncompressed as written: that is about what its IPC files hold.
func loadParquet(e *env) (*work, error) {
	plain, err := e.export("arrow")
	if err != nil {
		return nil, err
	}
	written, err := bytesBelow(plain)
	if err != nil {
		return nil, err
	}
	w, err := load(e, "parquet")
	if err == nil {
		w.bytes += written
	}
	return w, err
}

func loadIPC(e *env) (*work, error) { return load(e, "arrow") }

// load reads an export, without comparing digests. Its files lie in the system's cache: no disk is measured.
func load(e *env, format string) (*work, error) {
	dir, err := e.export(format)
	if err != nil {
		return nil, err
	}
	bytes, err := bytesBelow(dir)
	if err != nil {
		return nil, err
	}
	var raw *ledger.Raw
	w := &work{bytes: bytes}
	w.before = func() error {
		raw = nil
		return nil
	}
	w.run = func(threads int) (err error) {
		raw, _, err = native.Load(e.ctx, dir, native.Options{Threads: threads, NoVerify: true})
		return err
	}
	w.digest = func() (string, error) {
		after, until := synth.Period()
		l, _, err := ledger.Build(e.ctx, raw, after, until, 0)
		if err != nil {
			return "", err
		}
		d := newDigester()
		d.addFields(reflect.ValueOf(l).Elem())
		return d.text()
	}
	if err := w.run(0); err != nil {
		return nil, err
	}
	for i := range raw.Tables {
		w.items += int64(raw.Tables[i].Rows)
	}
	return w, nil
}

// batch is the whole batch over the same ledger, from Parquet files to result files; its digest begins the result's root.
func batch(e *env) (*work, error) {
	dir, err := e.export("parquet")
	if err != nil {
		return nil, err
	}
	w, err := load(e, "parquet")
	if err != nil {
		return nil, err
	}
	root := ""
	run := func(threads int, job engine.Job) error {
		job.After, job.Until = synth.Period()
		job.Threads = threads
		job.Load = func(ctx context.Context) (*ledger.Raw, error) {
			raw, _, err := native.Load(ctx, dir, native.Options{Threads: threads})
			return raw, err
		}
		r, err := engine.Run(e.ctx, job)
		if err != nil {
			return err
		}
		man := arrow.Manifest{Engine: "planwerk bench", ModelVersion: engine.ModelVersion, Ledger: dir}
		root, err = arrow.WriteResult(e.ctx, filepath.Join(e.dir, "result"), r.Tables(), r.Parameters(), man, nil, arrow.WriteOptions{Threads: threads, Force: true})
		return err
	}
	return &work{items: w.items,
		run:      func(threads int) error { return run(threads, engine.Job{}) },
		onDevice: func() error { return run(0, engine.Job{Device: e.cfg.Device}) },
		digest:   func() (string, error) { return root[:min(16, len(root))], nil },
	}, nil
}
