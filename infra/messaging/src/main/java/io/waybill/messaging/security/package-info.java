/**
 * A context checks by itself who asks and what they may do, whatever the gateway has checked before. Every route has
 * the rule that the API's documents declare; one without a rule keeps the context from starting.
 */
@NullMarked
package io.waybill.messaging.security;

import org.jspecify.annotations.NullMarked;
