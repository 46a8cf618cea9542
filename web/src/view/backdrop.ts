/**
 * What is too far to fly to in this place: sky, star, planets. Drawn first, around the eye, at made-up
 * distances with true directions and sizes (tiny discs are enlarged a little so that one can see them).
 */
import * as THREE from 'three';
import type { Body, Place } from '../state/model.ts';
import type { BakeQueue } from './bake.ts';
import { GlowField } from './fields.ts';
import { blackbody, type Light } from './light.ts';
import { Planet } from './planet.ts';
import type { Looks } from './quality.ts';
import { randomOf, seedOf } from './random.ts';
import { Sky } from './sky.ts';
import { Star } from './star.ts';

const STAR_AT = 3000;
const PLANET_AT = 1000;
const STAR_LEAST = 0.034; // radians
/** At the star's own place, where jumps arrive. */
const STAR_NEAR = 0.2;
const PLANETS_DRAWN = 3;

export class Backdrop {
  readonly scene = new THREE.Scene();
  readonly sky: Sky;
  /** Unit direction to the largest planet, if there is one. */
  readonly planetDir = new THREE.Vector3();
  readonly starDir = new THREE.Vector3(0, 0, 1);
  hasPlanet = false;
  private readonly star: Star;
  private readonly dots = new GlowField(64);
  private planets: { planet: Planet; key: string }[] = [];

  constructor(private readonly bakes: BakeQueue, private readonly light: Light, private readonly looks: Looks) {
    this.sky = new Sky(bakes, looks.skySize, looks.starCount);
    this.star = new Star(light, looks.fine);
    this.scene.add(this.sky.group, this.star.group, this.dots.mesh);
  }

  show(place: Place): void {
    const { system } = place;
    const here = place.bodies.find((b) => b.place === place.place)?.at ?? [0, 0, 0];
    this.sky.show(seedOf(system.address.x, system.address.y, system.address.z));
    const star = place.bodies.find((b) => b.kind === 'star');
    const toStar = new THREE.Vector3(-here[0], -here[1], -here[2]);
    const away = toStar.length();
    if (away < 1) toStar.set(-0.5, 0.8, 0.25);
    this.starDir.copy(toStar.normalize());
    const size = away < 1 ? STAR_NEAR : star ? Math.atan(star.radius / away) : STAR_LEAST;
    this.star.place(this.starDir, STAR_AT, Math.min(0.3, Math.max(STAR_LEAST, size)), system.kelvin);
    const u = this.light.uniforms;
    u.uSunDir.value.copy(this.starDir);
    u.uSunColour.value.copy(blackbody(system.kelvin)).lerp(new THREE.Color(1, 1, 1), 0.45);
    this.showPlanets(place, here);
  }

  private showPlanets(place: Place, here: readonly number[]): void {
    const seen = place.bodies
      .filter((b) => (b.kind === 'planet' || b.kind === 'moon'))
      .map((body) => {
        const d = new THREE.Vector3(body.at[0] - here[0]!, body.at[1] - here[1]!, body.at[2] - here[2]!);
        let far = d.length();
        if (far < body.radius * 1.05) { // we are in its orbit: it hangs beside the place, on the sunny side's flank
          const r = randomOf(body.seed);
          d.crossVectors(this.starDir, new THREE.Vector3(0.2 * r(), 0.3, 1)).normalize()
            .addScaledVector(this.starDir, -0.55 - 0.2 * r()).add(new THREE.Vector3(0, 0, -0.3));
          far = body.radius * 2.3;
        }
        return { body, dir: d.normalize(), size: Math.asin(Math.min(0.8, body.radius / far)) };
      })
      .sort((a, b) => b.size - a.size);
    const near = seen.filter((s) => s.size > 0.006).slice(0, this.looks.quality === 'low' ? 2 : PLANETS_DRAWN);
    const key = (b: Body) => `${place.system.address.x},${place.system.address.y},${place.system.address.z},${place.system.address.index}/${b.place}`;
    const keep = new Map(this.planets.map((p) => [p.key, p]));
    this.planets = near.map(({ body, dir, size }) => {
      const old = keep.get(key(body));
      keep.delete(key(body));
      const planet = old?.planet ?? new Planet(this.bakes, this.light, body.look, body.seed,
        size > 0.1 ? this.looks.planetWidth : Math.min(512, this.looks.planetWidth), this.looks.fine, body.rings);
      if (!old) this.scene.add(planet.group);
      planet.place(dir, PLANET_AT, size);
      return { planet, key: key(body) };
    });
    for (const { planet } of keep.values()) {
      this.scene.remove(planet.group);
      planet.dispose();
    }
    const first = near[0];
    this.hasPlanet = first !== undefined && first.size > 0.05;
    const u = this.light.uniforms;
    if (first && this.hasPlanet) {
      this.planetDir.copy(first.dir);
      u.uFillDir.value.copy(first.dir);
      u.uFillColour.value.copy(this.planets[0]!.planet.colour).multiplyScalar(0.10 * Math.min(1, first.size * 2.4)).addScalar(0.008);
    } else {
      u.uFillDir.value.copy(this.starDir).negate();
      u.uFillColour.value.setRGB(0.018, 0.024, 0.040);
    }
    this.dots.begin();
    for (const other of place.bodies.filter((b) => b.kind === 'star').slice(1)) {
      const d = new THREE.Vector3(other.at[0] - here[0]!, other.at[1] - here[1]!, other.at[2] - here[2]!).normalize().multiplyScalar(STAR_AT);
      this.dots.add(d.x, d.y, d.z, 150, 1.6, 1.35, 1.1, 2);
    }
    for (const { dir, size, body } of seen.slice(near.length)) {
      const c = body.look === 'ocean' || body.look === 'ice' ? [0.6, 0.8, 1.2] : [1.1, 0.9, 0.7];
      this.dots.add(dir.x * PLANET_AT, dir.y * PLANET_AT, dir.z * PLANET_AT, Math.max(3.2, size * PLANET_AT * 3), c[0]!, c[1]!, c[2]!);
    }
    this.dots.end();
  }
}

