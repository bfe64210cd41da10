// Which underscore attributes Python's objects have: the sandbox answers those with an undefined value that fails as
// SecurityError, and names that do not exist with a plain one.
import { isObject, type Py } from './values.ts'

const words = (text: string): readonly string[] => text.trim().split(/\s+/)

const OBJECT = new Set(
  words(`__class__ __delattr__ __dir__ __doc__ __eq__ __format__ __ge__ __getattribute__ __getstate__ __gt__ __hash__
    __init__ __init_subclass__ __le__ __lt__ __ne__ __new__ __reduce__ __reduce_ex__ __repr__ __setattr__ __sizeof__
    __str__ __subclasshook__`)
)

const SEQUENCE = words('__add__ __contains__ __getitem__ __iter__ __len__ __mul__ __rmul__')
const REAL = words(`__abs__ __add__ __bool__ __ceil__ __divmod__ __float__ __floor__ __floordiv__ __getnewargs__ __int__
  __mod__ __mul__ __neg__ __pos__ __pow__ __radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __round__ __rpow__
  __rsub__ __rtruediv__ __sub__ __truediv__ __trunc__`)
const BITS = words(`__and__ __index__ __invert__ __lshift__ __or__ __rand__ __rlshift__ __ror__ __rrshift__ __rshift__
  __rxor__ __xor__`)
const SETS = words('__and__ __contains__ __iter__ __len__ __or__ __rand__ __ror__ __rsub__ __rxor__ __sub__ __xor__')
const FUNCTION = words(`__annotations__ __builtins__ __call__ __closure__ __code__ __defaults__ __dict__ __get__
  __globals__ __kwdefaults__ __module__ __name__ __qualname__ __type_params__`)
const TYPE = words(`__abstractmethods__ __annotations__ __base__ __bases__ __basicsize__ __call__ __dict__
  __dictoffset__ __flags__ __instancecheck__ __itemsize__ __module__ __mro__ __name__ __prepare__ __qualname__
  __subclasscheck__ __subclasses__ __text_signature__ __type_params__ __weakrefoffset__ mro`)

const BY_KIND: Readonly<Record<string, ReadonlySet<string>>> = {
  str: new Set([...SEQUENCE, ...words('__getnewargs__ __mod__ __rmod__')]),
  int: new Set([...REAL, ...BITS]),
  none: new Set(['__bool__']),
  float: new Set([...REAL, '__getformat__']),
  markup: new Set([
    ...SEQUENCE,
    ...words('__getnewargs__ __html__ __html_format__ __mod__ __module__ __radd__ __rmod__ __slots__')
  ]),
  list: new Set([...SEQUENCE, ...words('__class_getitem__ __delitem__ __iadd__ __imul__ __reversed__ __setitem__')]),
  tuple: new Set([...SEQUENCE, '__class_getitem__', '__getnewargs__']),
  dict: new Set(
    words(
      '__class_getitem__ __contains__ __delitem__ __getitem__ __ior__ __iter__ __len__ __or__ __reversed__ __ror__ __setitem__'
    )
  ),
  set: new Set([...SETS, ...words('__class_getitem__ __iand__ __ior__ __isub__ __ixor__')]),
  bytes: new Set([...SEQUENCE, ...words('__bytes__ __getnewargs__ __mod__ __rmod__')]),
  range: new Set(words('__bool__ __contains__ __getitem__ __iter__ __len__ __reversed__')),
  view: new Set([...SETS, '__reversed__']),
  iter: new Set(words('__del__ __iter__ __name__ __next__ __qualname__ gi_frame gi_code')),
  undefined: new Set(
    words(`__add__ __aiter__ __bool__ __call__ __complex__ __div__ __float__ __floordiv__ __getattr__
    __getitem__ __int__ __iter__ __len__ __mod__ __module__ __mul__ __neg__ __pos__ __pow__ __radd__ __rdiv__
    __rfloordiv__ __rmod__ __rmul__ __rpow__ __rsub__ __rtruediv__ __slots__ __sub__ __truediv__
    _fail_with_undefined_error _undefined_exception _undefined_hint _undefined_message _undefined_name _undefined_obj`)
  ),
  function: new Set(FUNCTION),
  method: new Set(words('__call__ __func__ __get__ __self__')),
  builtin_function_or_method: new Set(words('__call__ __module__ __name__ __qualname__ __self__ __text_signature__')),
  type: new Set(TYPE),
  special: new Set(words('__dict__ __module__ __weakref__'))
}

const NAMED_TUPLE = new Set(words('_asdict _field_defaults _fields _make _replace __match_args__ __module__ __slots__'))

function kindOf(value: Py): string {
  if (value === null) return 'none'
  if (typeof value === 'string') return 'str'
  if (!isObject(value)) return 'int'
  return value.kind === 'function' ? value.typeName : value.kind
}

/** True for an attribute that exists on the Python object and that the sandbox hides. */
export function isHiddenAttribute(value: Py, name: string): boolean {
  if (isObject(value)) {
    if (value.kind === 'special' && value.typeName === 'Namespace')
      return name === '__class__' || value.hidden.includes(name)
    if (value.kind === 'special' && value.hidden.includes(name)) return true
    if (value.kind === 'tuple' && value.names !== null && NAMED_TUPLE.has(name)) return true
    if (value.kind === 'iter' && value.typeName !== 'generator' && name.startsWith('gi_')) return false
    if (value.kind === 'function' && value.typeName === 'type' && value.name === 'dict' && BY_KIND['dict']?.has(name))
      return true
  }
  return OBJECT.has(name) || (BY_KIND[kindOf(value)]?.has(name) ?? false)
}
