// What a custom module of Retrace sees. It runs in an interpreter of its own: no Node, no DOM, no imports but this one.

export type Json = null | boolean | number | string | Json[] | { [key: string]: any }

export interface Param {
  /** Letters, digits, _ and -. */
  id: string
  label?: string
  type?: 'input' | 'textarea' | 'select' | 'checkbox' | 'radio' | 'picker' | 'hashpath'
  default?: Json
  /** For select, radio and picker. */
  options?: Json
  /** The value may be a Jinja template, rendered before `execute`. */
  jinja_supported?: boolean
  placeholder?: string
}

export interface HttpRequest {
  url: string
  /** GET when absent. */
  method?: string
  headers?: Record<string, string> | [string, string][]
  /** Anything but a text is sent as JSON. */
  body?: Json
  selfSigned?: boolean
}

export interface HttpAnswer {
  status: number
  /** 200 to 206, as MISP sees it. */
  ok: boolean
  headers: [string, string][]
  body: string
  json(): any
}

export interface Context {
  /** Parameters of the node by id, with defaults, templates rendered. */
  readonly params: Record<string, any>
  readonly node: any
  readonly workflow: { id: Json; name: Json; trigger_id: Json }
  readonly user: { id: Json; email: Json; org_id: Json }
  /** Unix seconds of the run. */
  readonly now: number
  /** The roaming data, through the filters of the workflow. */
  getData(): any
  /** Replaces the roaming data. */
  setData(data: any): void
  /** One line of the node's errors. */
  addError(text: string): void
  /** A note on the step. console.log does the same. */
  log(...values: unknown[]): void
  /** Hash::extract of CakePHP, on the data or on `from`. */
  extract(path: string, from?: Json): Promise<any[]>
  /** A Jinja template, on the data or on `from`. */
  render(template: string, from?: Json): Promise<string>
  /** These four are effects: recorded, mocked, answered from a recording or live, as the run's policies say. A failure rejects. */
  http(request: string | HttpRequest): Promise<HttpAnswer>
  mail(mail: { to: string; subject: string; text: string }): Promise<true>
  zmq(topic: string, message: Json): Promise<true>
  query(body: { module: string; [key: string]: Json }): Promise<any>
}

export interface CustomModule {
  kind: 'action' | 'logic'
  /** Small letters, digits, _ and -. A module of MISP with this id is replaced. */
  id: string
  name?: string
  version?: string
  description?: string
  /** A FontAwesome name. */
  icon?: string
  /** MISP stops the walk when a blocking module answers false. */
  blocking?: boolean
  expect_misp_core_format?: boolean
  support_filters?: boolean
  params?: Param[]
  /** One sentence on what the node does with these parameters. */
  explain?(input: { params: Record<string, any> }): string
  /**
   * action: true goes on, false is a failure of the node. logic: true takes the first output, false the second. An error that is
   * thrown becomes the node's error, with file and line.
   */
  execute(ctx: Context): boolean | void | Promise<boolean | void>
}

export declare function defineModule(module: CustomModule): CustomModule
