// hls.js has no types of its own for its smaller build; the interface is the same.
// SPDX-License-Identifier: LGPL-2.1-or-later
declare module 'hls.js/light' {
  export {default} from 'hls.js';
}
