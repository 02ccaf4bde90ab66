package io.waybill.inventory.api;

import io.waybill.kernel.Event;

/** Everything that happens in the warehouse. */
public sealed interface InventoryEvent extends Event permits ProductEvent, ReservationEvent {}
