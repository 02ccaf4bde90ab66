/** The shared HTTP cache: keeps public answers in Redis, as RFC 9111 says, until events or time make them old. */
@NullMarked
package io.waybill.gateway.cache;

import org.jspecify.annotations.NullMarked;
