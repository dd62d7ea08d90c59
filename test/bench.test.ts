import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enginePath } from '#engine/core/paths';
import { nodeFiles } from '#engine/host/node-files';
import { analyse, openProject } from '#engine/operations/checking';
import { writeHistory } from '../bench/history.mjs';
import { comparison, ratiosOf } from '../bench/ratios.mjs';

describe('the ratios of a benchmark', () => {
  it('are those of the medians, to three places', () => {
    const limit = { wall: [2, 1, 9], cpu: [0.3] };
    expect(ratiosOf({ wall: [3, 4, 5], cpu: [0.1] }, limit)).toEqual({ wall: 2, cpu: 0.333 });
  });

  it('are those of wall time where the system does not tell CPU seconds', () => {
    const samples = { wall: [1], cpu: [] };
    expect(ratiosOf(samples, { wall: [2], cpu: [1] })).toEqual({ wall: 0.5 });
    expect(ratiosOf({ wall: [1], cpu: [1] }, samples)).toEqual({ wall: 1 });
  });

  it('are marked when they are more than 15 % worse than in the baseline', () => {
    expect(comparison({ wall: 1.23, cpu: 1 }, { wall: 1, cpu: 1 })).toBe('WORSE: +23 %');
    expect(comparison({ wall: 1.3, cpu: 3 }, { wall: 1, cpu: 2 })).toBe('WORSE: +30 %, CPU +50 %');
    expect(comparison({ wall: 1.14, cpu: 0.5 }, { wall: 1, cpu: 1 })).toBe('');
    expect(comparison({ wall: 2 }, undefined)).toBe('new');
  });

  it('are not marked for what one of the two runs did not measure', () => {
    expect(comparison({ wall: 1, cpu: 9 }, { wall: 1 })).toBe('');
    expect(comparison({ wall: 1 }, { wall: 1, cpu: 0.1 })).toBe('');
  });
});

describe('the history that benchmarks generate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mem8-history-'));
  beforeAll(() => writeHistory(folder));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is the same each time', () => {
    const texts = () => readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
    const before = texts();
    writeHistory(folder);
    expect(texts()).toEqual(before);
    expect(before).toHaveLength(571);
  });

  it('has 285 migrations with rollbacks, and no errors in them', async () => {
    const project = await openProject({ files: nodeFiles(), paths: [enginePath(folder)] });
    if (!project.ok) throw new Error(project.problem.message);
    const { migrations = [] } = project.value.directory ?? {};
    expect(migrations.filter(({ down }) => down)).toHaveLength(285);
    const { findings } = await analyse(project.value);
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(findings.filter(({ file }) => file.endsWith('000285_alter_table.up.sql')).map(({ id }) => id)).toContain('index-not-concurrent');
  });
});
