/** Takes in no more than the gateway can do at once, and no client that is too slow or says too much. */
@NullMarked
package io.waybill.gateway.admission;

import org.jspecify.annotations.NullMarked;
