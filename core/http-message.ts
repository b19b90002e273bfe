/**
 * What to send. `url` never holds anything of a user but the legacy id; only an old tenant's Management
 * API knows no other way to find somebody by an e-mail address than to have it in the URL.
 */
export interface HttpRequest {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'PUT'
  readonly url: string
  readonly contentType?: string
  readonly body?: string
}

/** What came back. `body` is whole, and no longer than the sender's limit. */
export interface HttpResponse {
  readonly status: number
  /** As it was sent, parameters and all. */
  readonly contentType: string
  readonly body: string
}
