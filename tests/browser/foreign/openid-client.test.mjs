import { lacking } from '../demo.mjs';
import { journeys } from './journey.mjs';
import { OpenidClient } from './openid-client.mjs';

journeys('openid-client', OpenidClient, { skip: lacking('openid-client'), algorithm: 'PS256' });
