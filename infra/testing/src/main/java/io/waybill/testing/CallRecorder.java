package io.waybill.testing;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Plays a collaborator that answers nothing, and writes down what it is asked for: {@code "enqueue mail 7"}. */
public final class CallRecorder<T> {

    private final List<String> calls = new ArrayList<>();
    private final T collaborator;

    private CallRecorder(Class<T> type) {
        collaborator = type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> answer(proxy, method, args)));
    }

    /** Plays this interface, all of whose methods return nothing. */
    public static <T> CallRecorder<T> of(Class<T> type) {
        return new CallRecorder<>(type);
    }

    public T collaborator() {
        return collaborator;
    }

    /** Every call so far: the method's name and its arguments. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    private @Nullable Object answer(Object proxy, Method method, @Nullable Object @Nullable [] args) {
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(proxy, method, args);
        }
        if (method.getReturnType() != void.class) {
            throw new UnsupportedOperationException(method + " asks for an answer");
        }
        StringJoiner call = new StringJoiner(" ").add(method.getName());
        if (args != null) {
            for (Object arg : args) {
                call.add(String.valueOf(arg));
            }
        }
        calls.add(call.toString());
        return null;
    }

    @SuppressWarnings("ReferenceEquality") // which is what equality means to a stand-in
    private static Object ofObject(Object proxy, Method method, @Nullable Object @Nullable [] args) {
        return switch (method.getName()) {
            case "equals" -> args != null && proxy == args[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "CallRecorder";
        };
    }
}
