import { lacking } from '../demo.mjs';
import { Authlib, PYTHON } from './authlib.mjs';
import { journeys } from './journey.mjs';

const skip = lacking('Authlib', [[PYTHON, 'tests/scripts/foreign.sh makes it']]);
journeys('Authlib', Authlib, { skip, algorithm: 'RS256' });
