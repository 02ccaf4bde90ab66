/**
 * What the tests of all modules share: the servers they use, contexts that run on them among their neighbours, the
 * architecture they keep and the contracts they guard.
 */
@NullMarked
package io.waybill.testing;

import org.jspecify.annotations.NullMarked;
