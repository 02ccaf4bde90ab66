/** The whole of Waybill's decisions in one thread, on a virtual clock, with everything going wrong that can. */
@NullMarked
package io.waybill.simulation;

import org.jspecify.annotations.NullMarked;
