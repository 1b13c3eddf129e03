import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from '../../lib/exec.mjs';
import { StepFailed } from '../../lib/step.mjs';

/** Needed to fetch, not to run. One at a time: two Mavens share a folder of downloads. */
export const MAVEN = { command: 'mvn', package: 'maven' };

function dependency(artifact) {
  const [groupId, artifactId, version] = artifact.split(':');
  return `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>`;
}

const pom = (artifacts) => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>parley</groupId><artifactId>stack</artifactId><version>1</version>
  <dependencies>${artifacts.map(dependency).join('')}</dependencies>
</project>
`;

/** Puts the jars of these artifacts, and of all they need, into bin/<name>. */
export async function fetchJars({ layout, say, signal }, name, artifacts) {
  const work = layout.bin(`.${name}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'pom.xml'), pom(artifacts));
  const { code, output } = await exec(
    'mvn',
    [
      '-B',
      '-q',
      '-ntp',
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${join(work, 'jars')}`,
    ],
    { cwd: work, signal, onOutput: () => say('downloading jars') },
  );
  const jars = existsSync(join(work, 'jars')) ? readdirSync(join(work, 'jars')).length : 0;
  if (code !== 0 || jars === 0) throw new StepFailed(`Maven could not fetch ${artifacts.join(', ')}.`, output);
  rmSync(layout.bin(name), { recursive: true, force: true });
  renameSync(join(work, 'jars'), layout.bin(name));
  rmSync(work, { recursive: true, force: true });
}
