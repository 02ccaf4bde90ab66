/** Runs the contexts, the gateway and the servers they need in one process, the way Waybill runs by default. */
@NullMarked
package io.waybill.standalone;

import org.jspecify.annotations.NullMarked;
