/** Runs the four contexts, the gateway and the servers they need in one process, which is how Waybill runs by default. */
@NullMarked
package io.waybill.standalone;

import org.jspecify.annotations.NullMarked;
