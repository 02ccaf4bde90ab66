package io.waybill.order.fulfilment;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.waybill.inventory.api.StockReleased;
import io.waybill.messaging.Commands;
import io.waybill.messaging.Deadlines;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.order.api.CancelOrder;
import io.waybill.order.api.CancellationRequested;
import io.waybill.payment.api.PaymentCompleted;
import io.waybill.shipping.api.ShipmentCancellationRefused;
import io.waybill.shipping.api.ShipmentDispatched;
import io.waybill.simulation.Defect;
import java.lang.reflect.Executable;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.List;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.axonframework.messaging.annotation.ParameterResolver;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.messaging.annotation.SimpleResourceParameterResolverFactory;
import org.axonframework.modelling.saga.AnnotatedSagaManager;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.repository.AnnotatedSagaRepository;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.jspecify.annotations.Nullable;

/** The saga and the policies of the order context, as they stand, without Spring. */
public final class SimulatedFulfilment {

    private final Commands commands;
    private final Deadlines deadlines;
    private Collaborators collaborators;

    public SimulatedFulfilment(CommandBus bus, Deadlines deadlines) {
        this.commands = new Commands(bus);
        this.deadlines = deadlines;
        this.collaborators = collaborators(0, 0);
    }

    public static MessageCatalogue messages() {
        return new FulfilmentConfiguration().messages();
    }

    /** How patient the fulfilments of a run are. */
    public void patience(int resends, int compensationRetries) {
        collaborators = collaborators(resends, compensationRetries);
    }

    private Collaborators collaborators(int resends, int compensationRetries) {
        return new Collaborators(
                commands,
                deadlines,
                new FulfilmentSettings(Duration.ofSeconds(5), Duration.ofMinutes(5), resends, compensationRetries),
                new FulfilmentMeters(new CompositeMeterRegistry()));
    }

    public EventHandlerInvoker saga(SagaStore<Object> store, Defect defect) {
        return switch (defect) {
            case FORGETS_THE_REFUND -> saga(Forgetful.class, store);
            case IGNORES_A_LATE_ANSWER -> saga(Deaf.class, store);
            default -> saga(OrderFulfilment.class, store);
        };
    }

    private <S extends OrderFulfilment> EventHandlerInvoker saga(Class<S> type, SagaStore<Object> store) {
        ParameterResolverFactory parameters =
                MultiParameterResolverFactory.ordered(ClasspathParameterResolverFactory.forClass(type), this::resolver);
        return AnnotatedSagaManager.<S>builder()
                .sagaType(type)
                .sagaRepository(AnnotatedSagaRepository.<S>builder()
                        .sagaType(type)
                        .sagaStore(store)
                        .parameterResolverFactory(parameters)
                        .build())
                .parameterResolverFactory(parameters)
                .listenerInvocationErrorHandler(PropagatingErrorHandler.instance())
                .build();
    }

    private @Nullable ParameterResolver<?> resolver(Executable executable, Parameter[] parameters, int index) {
        if (parameters[index].getType() != Collaborators.class) {
            return null;
        }
        return new ParameterResolver<Collaborators>() {
            @Override
            public Collaborators resolveParameterValue(Message<?> message) {
                return collaborators;
            }

            @Override
            public boolean matches(Message<?> message) {
                return true;
            }
        };
    }

    public EventHandlerInvoker recordDispatch() {
        return policy(new WhenShipmentDispatchedThenRecordDispatch());
    }

    public EventHandlerInvoker recordDelivery() {
        return policy(new WhenShipmentDeliveredThenRecordDelivery());
    }

    private EventHandlerInvoker policy(Object handler) {
        return SimpleEventHandlerInvoker.builder()
                .eventHandlers(handler)
                .parameterResolverFactory(MultiParameterResolverFactory.ordered(
                        ClasspathParameterResolverFactory.forClass(handler.getClass()),
                        new SimpleResourceParameterResolverFactory(List.of(commands))))
                .listenerInvocationErrorHandler(PropagatingErrorHandler.instance())
                .build();
    }

    /** {@link Defect#FORGETS_THE_REFUND}. */
    public static class Forgetful extends OrderFulfilment {

        private @Nullable PaymentCompleted payment;

        @Override
        void on(PaymentCompleted event, Collaborators with) {
            payment = event;
            super.on(event, with);
        }

        @Override
        void on(StockReleased event, Collaborators with) {
            if (payment == null) {
                super.on(event, with);
                return;
            }
            with.commands().send(new CancelOrder(event.orderId()));
            with.deadlines().disarm("order.fulfilment/" + event.orderId());
            SagaLifecycle.end();
        }
    }

    /** {@link Defect#IGNORES_A_LATE_ANSWER}. */
    public static class Deaf extends OrderFulfilment {

        private boolean cancelled;

        @Override
        void on(CancellationRequested event, Collaborators with) {
            cancelled = true;
            super.on(event, with);
        }

        @Override
        void on(ShipmentDispatched event, Collaborators with) {
            if (!cancelled) {
                super.on(event, with);
            }
        }

        @Override
        void on(ShipmentCancellationRefused event, Collaborators with) {
            if (!cancelled) {
                super.on(event, with);
            }
        }
    }
}
