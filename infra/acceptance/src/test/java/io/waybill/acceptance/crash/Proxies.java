package io.waybill.acceptance.crash;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/** Objects that stand before others and look like them. */
final class Proxies {

    private Proxies() {}

    /** A call on its way to the object behind. */
    interface Call {

        Object proceed() throws Throwable;
    }

    /** Says what becomes of calls. */
    interface Watch {

        /**
         * Returns what the caller gets.
         *
         * @param arguments may be changed
         */
        Object around(Method method, Object[] arguments, Call call) throws Throwable;
    }

    /** Stands before the target with those of its interfaces that are wanted. */
    static Object before(Object target, Predicate<Class<?>> wanted, Watch watch) {
        Set<Class<?>> interfaces = new LinkedHashSet<>();
        collect(target.getClass(), interfaces);
        interfaces.removeIf(wanted.negate());
        return Proxy.newProxyInstance(
                target.getClass().getClassLoader(), interfaces.toArray(Class<?>[]::new), new Handler(target, watch));
    }

    static Object before(Object target, Watch watch) {
        return before(target, any -> true, watch);
    }

    static Set<Class<?>> interfacesOf(Object target) {
        Set<Class<?>> interfaces = new LinkedHashSet<>();
        collect(target.getClass(), interfaces);
        return interfaces;
    }

    private static void collect(Class<?> type, Set<Class<?>> interfaces) {
        for (Class<?> one : type.getInterfaces()) {
            interfaces.add(one);
            collect(one, interfaces);
        }
        if (type.getSuperclass() != null) {
            collect(type.getSuperclass(), interfaces);
        }
    }

    private record Handler(Object target, Watch watch) implements InvocationHandler {

        @Override
        public Object invoke(Object proxy, Method method, Object[] given) throws Throwable {
            Object[] arguments = given == null ? new Object[0] : given;
            if (method.getName().equals("equals") && arguments.length == 1) {
                return arguments[0] != null && target.equals(behind(arguments[0]));
            }
            method.setAccessible(true);
            try {
                return watch.around(method, arguments, () -> method.invoke(target, arguments));
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }

        private static Object behind(Object other) {
            return Proxy.isProxyClass(other.getClass()) && Proxy.getInvocationHandler(other) instanceof Handler handler
                    ? handler.target
                    : other;
        }
    }
}
