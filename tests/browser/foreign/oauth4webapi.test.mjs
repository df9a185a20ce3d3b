import { lacking } from '../demo.mjs';
import { journeys } from './journey.mjs';
import { Oauth4webapi } from './oauth4webapi.mjs';

journeys('oauth4webapi', Oauth4webapi, { skip: lacking('oauth4webapi'), algorithm: 'EdDSA', isResourceServer: true });
