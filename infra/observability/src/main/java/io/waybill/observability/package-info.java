/** What every process, gateway and contexts alike, does to be seen: how it logs, and how its traces leave it. */
@NullMarked
package io.waybill.observability;

import org.jspecify.annotations.NullMarked;
