package io.waybill.order.fulfilment;

import io.waybill.messaging.Commands;
import io.waybill.messaging.Deadlines;

/** What a fulfilment needs from outside, handed to each of its reactions. */
record Collaborators(Commands commands, Deadlines deadlines, FulfilmentSettings settings, FulfilmentMeters meters) {}
